/**
 * Calls of the REST API. Every failure, also a server that cannot be reached, becomes a Problem that says what, why and what
 * now; nothing else is thrown.
 */
import { text } from "../text";

/** Two sentences in a row need the first one's end. */
const ended = (words: string) => (/[.!?]$/.test(words) ? words : `${words}.`);

/** Its message is all of it in one line: what, why, and what now. */
export class Problem extends Error {
  readonly status: number;
  readonly what: string;
  readonly hint: string;
  readonly pointer: string;
  /** Seconds to wait before asking again, where the server said so. */
  readonly waitS: number;

  constructor(status: number, what: string, hint = "", pointer = "", waitS = 0) {
    super([what, hint].filter(Boolean).map(ended).join(" "));
    this.name = "Problem";
    this.status = status;
    this.what = what;
    this.hint = hint;
    this.pointer = pointer;
    this.waitS = waitS;
  }

  /** Whatever was thrown, as one. */
  static of(cause: unknown): Problem {
    return cause instanceof Problem ? cause : new Problem(0, cause instanceof Error ? cause.message : String(cause));
  }

  /** Whether asking again can help: the server was away or busy, not wrong about the question. */
  get passing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export type Parameters = Record<string, string | number | readonly string[] | undefined>;

/** Where the API lives; the pages are served from the same place. Tests point it elsewhere. */
let root = "";
export function setRoot(address: string): void {
  root = address;
}

export function address(path: string, parameters: Parameters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined || value === "") continue;
    if (Array.isArray(value)) value.forEach((one: string) => query.append(name, one));
    else query.set(name, String(value));
  }
  const tail = query.toString();
  return `${root}${path}${tail ? `?${tail}` : ""}`;
}

/** Told when the server says that nobody is signed in here (any more). */
let onSignedOut: () => void = () => {};
export function setSignedOut(heard: () => void): void {
  onSignedOut = heard;
}
export function noteStatus(status: number): void {
  if (status === 401) onSignedOut();
}

export async function problemOf(response: Response): Promise<Problem> {
  try {
    const body: unknown = await response.json();
    if (body !== null && typeof body === "object" && "detail" in body) {
      const { detail, hint, pointer } = body as { detail?: string; hint?: string; pointer?: string };
      return new Problem(response.status, String(detail ?? ""), hint ?? "", pointer ?? "", Number(response.headers.get("retry-after") ?? 0));
    }
  } catch {
    // Not JSON: a proxy in between answered; its status is all there is to tell.
  }
  return new Problem(response.status, text.errors.status(response.status), text.errors.statusHint);
}

export async function call(path: string, parameters?: Parameters, options: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address(path, parameters), options);
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new Problem(0, text.errors.unreachable, text.errors.unreachableHint);
  }
  if (response.ok) return response;
  // A wrong password is the sign-in page's own matter.
  if (path !== "/v1/session") noteStatus(response.status);
  throw await problemOf(response);
}

/** Sends JSON; the answer's JSON, or nothing where it has none. */
export async function send<T>(method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, body?: unknown): Promise<T> {
  const headers = { accept: "application/json", ...(body === undefined ? {} : { "content-type": "application/json" }) };
  const response = await call(path, {}, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  return (response.status === 204 ? undefined : await response.json()) as T;
}

export async function get<T>(path: string, parameters?: Parameters, signal?: AbortSignal): Promise<T> {
  const response = await call(path, parameters, { signal, headers: { accept: "application/json" } });
  try {
    return (await response.json()) as T;
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Problem(response.status, text.errors.notJson(path), text.errors.unreachableHint);
  }
}
