/** Sends one file. Not with fetch, which does not tell how much is sent. */
import { text } from "../text";
import { address, noteStatus, Problem } from "./client";
import type { UploadReport } from "./types";

function problemOf(request: XMLHttpRequest): Problem {
  noteStatus(request.status);
  try {
    const body = JSON.parse(request.responseText) as { detail?: string; hint?: string; pointer?: string };
    if (body.detail) return new Problem(request.status, body.detail, body.hint ?? "", body.pointer ?? "");
  } catch {
    // Not JSON: a proxy in between answered.
  }
  return new Problem(request.status, text.errors.status(request.status), text.errors.statusHint);
}

export function upload(file: Blob, name: string, onSent: (bytes: number) => void, signal: AbortSignal): Promise<UploadReport> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    signal.addEventListener("abort", stop);
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onloadend = () => signal.removeEventListener("abort", stop);
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    request.onerror = () => reject(new Problem(0, text.errors.unreachable, text.errors.unreachableHint));
    request.onload = () => {
      if (request.status < 200 || request.status >= 300) return reject(problemOf(request));
      try {
        resolve(JSON.parse(request.responseText) as UploadReport);
      } catch {
        reject(new Problem(request.status, text.errors.notJson("/v1/uploads")));
      }
    };
    request.open("POST", address("/v1/uploads", { name }));
    request.setRequestHeader("content-type", "application/octet-stream");
    request.send(file);
  });
}
