/** The volumes of one result, read in a worker that ends with the page. */
import { useEffect, useState } from "react";

import { fileAddress } from "../../../api/calls";
import type { Asked, Scene, Told } from "../../../imaging/load.worker";

export interface Loading {
  /** Of the files, how much is here: 0 to 1. */
  share: number;
  scene?: Scene;
  why?: string;
}

/** With `since`, the prior's head and the change too. */
export function useScene(job: string, since = false): Loading {
  const [loading, setLoading] = useState<Loading>({ share: 0 });
  useEffect(() => {
    const worker = new Worker(new URL("../../../imaging/load.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Told>) => setLoading((before) => ({ ...before, ...data }));
    worker.onerror = (event) => setLoading((before) => ({ ...before, why: event.message || "the reader of volumes did not start" }));
    // A worker knows no page address to which a path could be relative.
    const whole = (file: string) => new URL(fileAddress(job, file), location.href).href;
    const asked: Asked = { head: whole("head.nii.gz"), labels: whole("labels.nii.gz") };
    worker.postMessage(since ? { ...asked, prior: whole("prior_head.nii.gz"), change: whole("change.nii.gz") } : asked);
    return () => worker.terminate();
  }, [job, since]);
  return loading;
}
