/**
 * The pages, or in their place the sign-in where one must sign in and nobody has. The address stays, so that whoever signs in
 * again is back where she was.
 */
import { Loader } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { setSignedOut } from "../api/client";
import { sessionQuery } from "../api/queries";
import { text } from "../text";
import classes from "./Gate.module.css";
import { Shell } from "./Shell";
import { SignIn } from "./SignIn";

export function Gate() {
  const queries = useQueryClient();
  const session = useQuery(sessionQuery());
  const [ended, setEnded] = useState(false);

  useEffect(() => {
    setSignedOut(() => {
      setEnded(true);
      void queries.invalidateQueries({ queryKey: sessionQuery().queryKey });
    });
    return () => setSignedOut(() => {});
  }, [queries]);

  // A server that does not answer is the pages' own matter: they say so, and try again.
  if (session.isPending) return <div className={classes.wait}><Loader role="status" aria-label={text.common.loading} /></div>;
  if (!session.data?.required || session.data.name !== null) return <Shell />;
  const enter = async () => {
    setEnded(false);
    // What another person saw before is none of this one's business.
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
    await queries.invalidateQueries();
  };
  return <SignIn again={ended} provider={session.data.provider} onDone={enter} />;
}
