#pragma once
/// One C-STORE over an association that stands, whoever asked for that. Internal to dicom/dimse.
#include <functional>

#include "dicom/dimse/exchange.h"
#include "dicom/dimse/requestor.h"
#include "dicom/dimse/scu.h"

namespace larmor::dimse {

/// Sends the command, under a message number of its own, with the data set; gives the answer to it.
using Exchange = std::function<Result<Command>(Context, Command, ByteSource&)>;

/// `ways`: where the other end takes this class of objects; in the transfer syntax in which the object is stored if one
/// of them has that, otherwise converted. An Error means that the association failed; everything else is about the
/// object.
Result<Stored> store_one(const Outgoing&, std::span<const Agreed> ways, const Exchange&);

}  // namespace larmor::dimse
