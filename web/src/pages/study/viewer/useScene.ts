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

/** What else there may be to see beside the head and its labels. */
export const MORE = {
  none: {},
  prior: { prior: "prior_head.nii.gz", change: "change.nii.gz" },
  flair: { flair: "flair.nii.gz", lesions: "lesions.nii.gz" },
} as const;

export function useScene(job: string, more: keyof typeof MORE): Loading {
  const [loading, setLoading] = useState<Loading>({ share: 0 });
  useEffect(() => {
    const worker = new Worker(new URL("../../../imaging/load.worker.ts", import.meta.url), { type: "module" });
    worker.onmessage = ({ data }: MessageEvent<Told>) => setLoading((before) => ({ ...before, ...data }));
    worker.onerror = (event) => setLoading((before) => ({ ...before, why: event.message || "the reader of volumes did not start" }));
    // A worker knows no page address to which a path could be relative.
    const whole = (file: string) => new URL(fileAddress(job, file), location.href).href;
    const files = { head: "head.nii.gz", labels: "labels.nii.gz", ...MORE[more] };
    worker.postMessage(Object.fromEntries(Object.entries(files).map(([part, file]) => [part, whole(file)])) as unknown as Asked);
    return () => worker.terminate();
  }, [job, more]);
  return loading;
}
