#pragma once
/// What a DICOMweb address names (PS3.18 8.3), and what its caller can be given.
#include "dicom/web/caller.h"
#include "services/storage/storage.h"

namespace larmor::storage {

/// The instances that the path names by study, series and instance, in the order of the index; never none.
Result<std::vector<InstanceRow>> rows_of(Storage&, const net::Request&);

/// Of several objects together: what tells that none has changed.
std::string digest_of(const std::vector<InstanceRow>&);

/// Of an instance, behind dicom::root_of() its caller.
std::string address_of(const std::string& root, const InstanceRow&);

/// Does she take this transfer syntax?
bool gives(const dicom::Accepted&, std::string_view syntax);

/// Nothing that she accepts can be given; `possible` can.
Error not_acceptable(const net::Request&, std::string possible);

}  // namespace larmor::storage
