/** Keeps the queries fresh from the event stream while the page is visible, and tells how the link is. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { follow, whileSeen, type Link } from "./live";
import { Freshness } from "./queries";

export function useLive(): Link {
  const queries = useQueryClient();
  const [link, setLink] = useState<Link>("connecting");

  useEffect(() => {
    const freshness = new Freshness(queries);
    let before: Link = "connecting";
    const end = whileSeen(follow({
      onEvent: (event) => freshness.take(event),
      onGap: () => freshness.everything(),
      onLink: (now) => {
        // What was asked for in between failed, and what another start changed (settings, rules) is no event.
        if (before === "lost" && now === "live") freshness.everything();
        before = now;
        setLink(now);
      },
    }));
    return () => {
      end();
      freshness.stop();
    };
  }, [queries]);

  return link;
}
