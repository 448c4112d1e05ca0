/** Server-sent events (WHATWG HTML, section 9.2), parsed piece by piece as they come off the wire. */

export interface Message {
  id: string;
  event: string;
  data: string;
}

export class Parser {
  private rest = "";
  private id = "";
  private event = "";
  private data: string[] = [];

  /** The messages that this piece completes. */
  push(piece: string): Message[] {
    const done: Message[] = [];
    const lines = (this.rest + piece).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "") {
        if (this.data.length > 0) done.push({ id: this.id, event: this.event || "message", data: this.data.join("\n") });
        this.event = "";
        this.data = [];
        continue;
      }
      const colon = line.indexOf(":");
      if (colon === 0) continue;
      const name = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (name === "data") this.data.push(value);
      else if (name === "event") this.event = value;
      else if (name === "id" && !value.includes("\0")) this.id = value;
    }
    return done;
  }
}
