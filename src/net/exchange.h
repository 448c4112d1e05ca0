#pragma once
/// One request and its answer, on the way through a session. Internal to net.
#include "net/http.h"
#include "net/pieces.h"
#include "net/wire.h"

namespace larmor::net {

/// Memory is taken when a stream is read, and given back at the end.
struct Exchange {
  explicit Exchange(Pieces& all) : pieces(all) {}
  Exchange(const Exchange&) = delete;
  ~Exchange() {
    if (piece) pieces.give_back(std::move(piece));
  }
  MutableBytes memory() {
    if (!piece) piece = pieces.take();
    return {piece.get(), Pieces::kSize};
  }
  Result<void> read_piece() {
    piece_size = fill(*response.stream, memory());
    return {};
  }
  bool bodyless() const { return request.method == Method::head || response.status == 204 || response.status == 304; }

  Pieces& pieces;
  Request request;
  Response response;
  std::string head;  ///< of the answer, as it is sent
  bool http_1_0 = false;
  bool keep_alive = false;
  bool chunked = false;
  bool unread = false;  ///< some of the request's body was not
  Pieces::Piece piece;  ///< of response.stream
  Result<std::size_t> piece_size = 0;

  // Where files are sent:
  enum class State { unfinished, finished, broken };
  FileBackedSource* files = nullptr;  ///< response.stream
  Bytes unsent;                       ///< of head or piece
  std::uint64_t left = 0;             ///< of the body, behind `unsent`
  State state = State::unfinished;

  Result<void> find_files();
  Result<State> push(Wire&);

 private:
  Result<bool> push_unsent(Wire&);
  Result<bool> push_stretch(Wire&, FileStretch);
};

}  // namespace larmor::net
