/** Drop files, folders, a CD or a ZIP; see what becomes of each. */
import { Button } from "@mantine/core";
import { useEffect, useRef, useState, useSyncExternalStore, type DragEvent } from "react";

import { Problem } from "../../api/client";
import { upload } from "../../api/upload";
import { UploadIcon } from "../../parts/icons";
import { Empty } from "../../parts/Message";
import { text } from "../../text";
import { filesOfDrop, filesOfInput, MOST_FILES, type Found } from "./dropped";
import { FileList } from "./FileList";
import { UploadQueue } from "./queue";
import { Summary } from "./Summary";
import { UploadedStudies } from "./UploadedStudies";
import classes from "./UploadPage.module.css";

const queue = new UploadQueue(upload);
const words = text.upload;

export function UploadPage() {
  const state = useSyncExternalStore(queue.subscribe, queue.snapshot);

  useEffect(() => {
    document.title = `${words.title} · ${text.product}`;
  }, []);

  useEffect(() => {
    if (!state.active) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [state.active]);

  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <h1>{words.title}</h1>
        <p className="dim">{words.lead}</p>
      </div>
      <DropZone onFound={(found) => queue.add(found)} />
      {state.items.length === 0 ? (
        <Empty title={words.empty}><p>{words.emptyHint}</p></Empty>
      ) : (
        <>
          <Summary state={state} onStop={() => queue.stop()} onClear={() => queue.clear()} onRetry={() => queue.retryFailed()} />
          {state.studies.length > 0 && <UploadedStudies uids={state.studies} />}
          <FileList items={state.items} />
        </>
      )}
    </div>
  );
}

function DropZone({ onFound }: { onFound(found: Found[]): void }) {
  const [over, setOver] = useState(false);
  const [reading, setReading] = useState<number | undefined>();
  const [wrong, setWrong] = useState("");
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const found = (files: Found[]) => {
    setWrong(files.length === 0 ? words.noFile : files.length >= MOST_FILES ? words.tooMany(MOST_FILES) : "");
    onFound(files);
  };
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    setReading(0);
    try {
      found(await filesOfDrop(event.dataTransfer, setReading));
    } catch (cause) {
      setWrong(words.unreadable(Problem.of(cause).what));
    } finally {
      setReading(undefined);
    }
  };
  const chosen = (input: HTMLInputElement) => {
    if (input.files) found(filesOfInput(input.files));
    input.value = "";
  };
  return (
    <div className={classes.zone} data-over={over || undefined} data-testid="drop"
      onDragOver={(event) => { event.preventDefault(); setOver(true); }}
      onDragLeave={(event) => { if (!event.currentTarget.contains(event.relatedTarget as Node)) setOver(false); }}
      onDrop={(event) => void drop(event)}>
      <span className={classes.icon}><UploadIcon size={28} /></span>
      <p className={classes.drop} role="status">{reading !== undefined ? words.reading(reading) : over ? words.dropNow : words.drop}</p>
      {wrong && <p className={classes.wrong} role="alert">{wrong}</p>}
      <div className={classes.ways}>
        <Button variant="default" size="xs" onClick={() => files.current?.click()}>{words.files}</Button>
        <Button variant="default" size="xs" onClick={() => folder.current?.click()}>{words.folder}</Button>
      </div>
      <input ref={files} type="file" multiple hidden aria-label={words.files} onChange={(event) => chosen(event.currentTarget)} />
      <input ref={folder} type="file" multiple hidden aria-label={words.folder} {...{ webkitdirectory: "" }} onChange={(event) => chosen(event.currentTarget)} />
    </div>
  );
}
