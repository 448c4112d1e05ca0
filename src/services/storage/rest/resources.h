#pragma once
/// What a DICOMweb address names (PS3.18 8.3), and what its caller can be given.
#include "dicom/web/caller.h"
#include "services/storage/storage.h"

namespace larmor::storage {

/// The one instance that the path names by study, series and instance.
Result<InstanceRow> row_of(Storage&, const net::Request&);

/// An instance as its values are read: inflated where it is stored deflated.
Result<std::unique_ptr<Object>> open_values(Storage&, const InstanceRow&, const Call&);

/// Of several objects together: what tells that none has changed, and none has come.
class DigestOfAll {
 public:
  void add(const InstanceRow&);
  std::string text() const { return fmt::format("{:016x}-{}", mixed_, count_); }

 private:
  std::size_t mixed_ = 0, count_ = 0;
};

/// Of an instance, behind dicom::root_of() its caller.
std::string address_of(const std::string& root, const InstanceRow&);

/// Does she take this transfer syntax?
bool gives(const dicom::Accepted&, std::string_view syntax);

/// Nothing that she accepts can be given; `possible` can.
Error not_acceptable(const net::Request&, std::string possible);

}  // namespace larmor::storage
