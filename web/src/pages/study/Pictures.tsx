/** Pictures of a result; one can be seen large. */
import { ActionIcon } from "@mantine/core";
import { useRef, useState } from "react";

import { fileAddress } from "../../api/calls";
import { Cross } from "../../parts/icons";
import { text } from "../../text";
import classes from "./Pictures.module.css";

export const pictureName = (file: string) => file.replace(/\.[^.]+$/, "").replaceAll(/[_-]+/g, " ");

/** `strip`: all in one row, where the page shows the head itself. */
export function Pictures({ job, files, strip }: { job: string; files: string[]; strip?: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [large, setLarge] = useState("");
  const open = (file: string) => {
    setLarge(file);
    dialog.current?.showModal();
  };
  return (
    <div className={classes.block}>
      <h3>{text.study.pictures}</h3>
      <div className={strip ? classes.strip : classes.grid}>
        {files.map((file) => (
          <button key={file} type="button" className={classes.thumb} aria-label={text.study.enlarge(pictureName(file))} onClick={() => open(file)}>
            <img src={fileAddress(job, file)} alt={text.study.picture(pictureName(file))} loading="lazy" decoding="async" />
            <span className={classes.name}>{pictureName(file)}</span>
          </button>
        ))}
      </div>
      <dialog ref={dialog} className={classes.dialog} aria-label={text.study.picture(pictureName(large))}
        onClick={(event) => event.target === event.currentTarget && dialog.current?.close()} onClose={() => setLarge("")}>
        {large && (
          <figure className={classes.figure}>
            <img src={fileAddress(job, large)} alt={text.study.picture(pictureName(large))} />
            <figcaption>
              {pictureName(large)}
              <ActionIcon variant="subtle" color="gray" aria-label={text.common.close} onClick={() => dialog.current?.close()}><Cross /></ActionIcon>
            </figcaption>
          </figure>
        )}
      </dialog>
    </div>
  );
}
