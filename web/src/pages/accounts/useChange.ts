import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { Problem } from "../../api/client";

/** Does something, then reads these lists anew; what went wrong stays until the next try. */
export function useChange(...lists: string[]) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | undefined>();
  async function change(act: () => Promise<unknown>): Promise<boolean> {
    setBusy(true);
    setProblem(undefined);
    try {
      await act();
      await Promise.all(lists.map((list) => queries.invalidateQueries({ queryKey: [list] })));
      return true;
    } catch (cause) {
      setProblem(cause instanceof Problem ? cause : new Problem(0, String(cause)));
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, problem, change };
}
