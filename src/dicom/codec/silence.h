#pragma once
/// DCMTK's own log: it quotes the contents of files, patients included, on standard error. Ours says what matters.

namespace larmor::dicom {

/// Switches it off for this process; further calls do nothing. Any thread.
void silence_dcmtk();

}  // namespace larmor::dicom
