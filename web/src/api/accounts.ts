/** Calls about who uses the pages, and who may. */
import { get, send } from "./client";
import type { Departure, List, MadeToken, Role, Scope, Session, Token, User } from "./types";

export const session = (signal?: AbortSignal) => get<Session>("/v1/session", {}, signal);

export const signIn = (name: string, password: string) => send<Session>("POST", "/v1/session", { name, password });

/** Where the browser goes to sign in with the provider; afterwards it is sent to `backTo`. */
export const setOut = async (backTo: string) => (await send<Departure>("POST", "/v1/session/journeys", { back_to: backTo })).address;

export const signOut = () => send<void>("DELETE", "/v1/session");

export const signOutEverywhere = () => send<void>("DELETE", "/v1/sessions");

export const changePassword = (old: string, password: string) => send<Session>("PUT", "/v1/session/password", { old, password });

export const users = async (signal?: AbortSignal) => (await get<List<User>>("/v1/users", {}, signal)).items;

export const addUser = (name: string, role: Role, password: string) => send<void>("POST", "/v1/users", { name, role, password });

export const changeUser = (name: string, change: { role?: Role; disabled?: boolean; password?: string }) =>
  send<void>("PATCH", `/v1/users/${encodeURIComponent(name)}`, change);

export const tokens = async (signal?: AbortSignal) => (await get<List<Token>>("/v1/tokens", {}, signal)).items;

export const addToken = (name: string, scopes: Scope[], days: number) => send<MadeToken>("POST", "/v1/tokens", { name, scopes, days });

export const revokeToken = (id: string) => send<void>("DELETE", `/v1/tokens/${encodeURIComponent(id)}`);
