#include "services/processing/brain/codes.h"

namespace larmor::processing::brain {
namespace {

constexpr imaging::Code kBrain{"12738006", "SCT", "Brain"};

struct Row {
  std::string_view name;
  imaging::Code code;
};
constexpr std::array kRows = {Row{"brain", kBrain},
                              Row{"ventricles", {"35764002", "SCT", "Brain ventricle"}},
                              Row{"hippocampi", {"5366008", "SCT", "Hippocampus"}},
                              Row{"cortex", {"40146001", "SCT", "Cerebral Gray Matter"}},
                              Row{"cerebral cortex", {"40146001", "SCT", "Cerebral Gray Matter"}},
                              Row{"cerebral white matter", {"68523003", "SCT", "Cerebral White Matter"}},
                              Row{"white-matter lesions", kWhiteMatterLesions},
                              Row{"intracranial", {"128319008", "SCT", "Intracranial structure"}}};

}  // namespace

const imaging::Code& site_of(std::string_view name) {
  for (const auto& row : kRows)
    if (row.name == name) return row.code;
  return kRows.front().code;
}

}  // namespace larmor::processing::brain
