/**
 * What every button is made of. While what it began is under way it does nothing, and keeps the focus all the same: one that is
 * disabled loses it, and a keyboard or a screen reader stands nowhere.
 */
import type { ComponentPropsWithRef, MouseEvent } from "react";

interface StillButtonProps extends ComponentPropsWithRef<"button"> {
  "data-loading"?: boolean | "true";
}

const nothing = (event: MouseEvent) => event.preventDefault();

export function StillButton({ disabled, onClick, type = "button", ...rest }: StillButtonProps) {
  const busy = Boolean(rest["data-loading"]);
  return <button {...rest} type={type} disabled={disabled && !busy} aria-disabled={busy || rest["aria-disabled"]} onClick={busy ? nothing : onClick} />;
}
