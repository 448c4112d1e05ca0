import { Link } from "@tanstack/react-router";

import { text } from "../text";
import { Empty } from "./Message";

export function NotFound() {
  return (
    <Empty title={text.notFound.title} whole>
      <p>{text.notFound.why}</p>
      <Link to="/">{text.notFound.now}</Link>
    </Empty>
  );
}
