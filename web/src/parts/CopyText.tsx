/** A value that can be taken along with one click. */
import { ActionIcon } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";

import { text } from "../text";
import { Check, Copy } from "./icons";

export function CopyButton({ value, label }: { value: string; label: string }) {
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <ActionIcon variant="subtle" color="gray" size="sm" aria-label={clipboard.copied ? text.common.copied : `${text.common.copy}: ${label}`}
      onClick={() => clipboard.copy(value)}>
      {clipboard.copied ? <Check size={14} /> : <Copy size={14} />}
    </ActionIcon>
  );
}
