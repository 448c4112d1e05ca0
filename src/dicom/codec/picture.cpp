#include <png.h>
#include <turbojpeg.h>

#include "dicom/codec/render.h"

namespace larmor::dicom {

Result<std::string> to_png(const Picture& picture) {
  png_image png{.version = PNG_IMAGE_VERSION};
  png.width = static_cast<png_uint_32>(picture.columns);
  png.height = static_cast<png_uint_32>(picture.rows);
  png.format = picture.samples == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
  png.flags = PNG_IMAGE_FLAG_FAST;  // a person waits for it
  std::string bytes(PNG_IMAGE_PNG_SIZE_MAX(png), '\0');
  png_alloc_size_t size = bytes.size();
  if (!png_image_write_to_memory(&png, bytes.data(), &size, 0, picture.values.data(), 0, nullptr))
    return fail(Code::internal, "cannot make a PNG: {}", png.message);
  bytes.resize(size);
  return bytes;
}

Result<std::string> to_jpeg(const Picture& picture, int quality) {
  const std::unique_ptr<void, int (*)(void*)> jpeg(tjInitCompress(), tjDestroy);
  if (!jpeg) return fail(Code::internal, "cannot make a JPEG: there is not enough memory");
  unsigned char* made = nullptr;
  unsigned long size = 0;
  const bool grey = picture.samples == 1;
  const int status =
      tjCompress2(jpeg.get(), picture.values.data(), picture.columns, 0, picture.rows, grey ? TJPF_GRAY : TJPF_RGB,
                  &made, &size, grey ? TJSAMP_GRAY : TJSAMP_444, quality, TJFLAG_ACCURATEDCT);
  const std::unique_ptr<unsigned char, void (*)(unsigned char*)> held(made, tjFree);
  if (status != 0) return fail(Code::internal, "cannot make a JPEG: {}", tjGetErrorStr2(jpeg.get()));
  return std::string(reinterpret_cast<const char*>(made), size);
}

}  // namespace larmor::dicom
