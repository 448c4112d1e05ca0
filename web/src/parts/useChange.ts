import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { Problem } from "../api/client";

/** Does something, one at a time, then reads these lists anew; what went wrong stays until the next try. */
export function useChange(...lists: string[]) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | undefined>();
  async function change(act: () => Promise<unknown>): Promise<boolean> {
    if (busy) return false;
    setBusy(true);
    setProblem(undefined);
    try {
      await act();
      return true;
    } catch (cause) {
      setProblem(Problem.of(cause));
      return false;
    } finally {
      await Promise.all(lists.map((list) => queries.invalidateQueries({ queryKey: [list] })));
      setBusy(false);
    }
  }
  return { busy, problem, change };
}
