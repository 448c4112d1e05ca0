#pragma once
/// Threads that mostly wait, for a disk or a peer, and should go on at once when the wait is over.
namespace larmor {

/// Asks the scheduler for short time slices for the calling thread (Linux 6.12 and later; elsewhere it does nothing).
/// On a busy machine a thread that wakes would otherwise wait for the end of somebody else's slice: 4 ms for each
/// fdatasync, which takes 0.3. It gets no larger share of the processor, only an earlier one; no right is needed.
void be_prompt();

}  // namespace larmor
