/**
 * Every text of the application, in English. Another language is another file of this shape. Names come first where a reader
 * looks for them; an error says what, why and what now.
 */
import { bytes, count, decimals, duration } from "../format/number";

type Fields = Record<string, unknown>;

const word = (value: unknown): string => (value === undefined || value === null ? "" : String(value));
const number = (value: unknown): number => (typeof value === "number" ? value : Array.isArray(value) ? value.length : 0);
const plural = (n: number, one: string, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;
const images = (n: number) => plural(n, "image");
const because = (reason: unknown) => (word(reason) ? `: ${word(reason)}` : "");
const seconds = (value: unknown) => (typeof value === "number" ? duration(value) : "");
/** Errors travel as text or as problem details. */
const trouble = (value: unknown): string => {
  if (value !== null && typeof value === "object") {
    const { what, detail } = value as Fields;
    return word(what ?? detail);
  }
  return word(value);
};
const tail = (error: unknown) => (trouble(error) ? `: ${trouble(error)}` : "");
const queueName = (queue: unknown) => {
  const [kind, name] = word(queue).split("/");
  if (!name) return word(queue) || "The job";
  return kind === "export" ? `Delivery to ${name}` : `Analysis ${name}`;
};
/** Steps of the pipelines that come with Larmor; another pipeline's are told as it names them. */
const steps: Record<string, string> = {
  fetching: "reading", load: "reading", check: "checking", resample: "resampling", segment: "segmenting", clean: "cleaning up",
  measure: "measuring", labels: "labelling", report: "writing the report", objects: "writing DICOM", storing: "storing",
};
const sentence = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
const stepName = (step: unknown) => steps[word(step)] ?? word(step);
const again = (f: Fields) => (number(f.generation) > 1 ? " again" : "");
const way = (f: Fields) => {
  if (f.way === "upload") return f.sender ? `uploaded by ${word(f.sender)}` : "uploaded";
  if (f.way === "result") return "made by Larmor";
  return f.sender ? `from ${word(f.sender)}` : "received";
};

const sideName = (one: { name: string; side: string }) => (one.side === "middle" ? one.name : `${one.side} ${one.name}`);

const side = (mm: number, plus: string, minus: string) => `${mm < 0 ? minus : plus} ${decimals(Math.abs(mm), 0)}`;

const clues: Record<string, string> = {
  archive_count: "the archive's own count",
  quiet: "a quiet period",
};

export const en = {
  product: "Larmor",
  disclaimer: "Not a medical device. Results are for research and must be checked by a qualified person.",
  skip: "Skip to the content",
  notFound: { title: "There is no such page", why: "The address does not lead anywhere in Larmor.", now: "Go to the list of studies" },
  nav: {
    label: "Pages", menu: "Menu", close: "Close the menu", scheme: "Switch between dark and light", language: "Language",
    fold: "Fold the navigation", unfold: "Unfold the navigation",
    groups: { work: "Work", flow: "Flow", system: "System" },
    pages: { studies: "Studies", upload: "Upload" },
  },
  palette: {
    open: "Search or go to", placeholder: "A page, a study, a command", keys: "Ctrl K",
    pages: "Pages", studies: "Studies", commands: "Commands",
    none: (words: string) => `Nothing is called “${words}”`,
    noneHint: "Studies are found by name, ID, accession number and description.",
    hint: "↑ ↓ choose · Enter opens · Esc closes",
  },
  link: {
    live: "Live",
    liveHint: "Changes appear on their own",
    connecting: "Connecting",
    lost: "Reconnecting",
    lostHint: "Larmor does not answer. What you see may be out of date; it catches up by itself.",
  },
  common: {
    retry: "Try again", copy: "Copy", copied: "Copied", loading: "Loading", none: "none", unknown: "not stated", details: "Details",
    close: "Close", back: "Studies", and: " and ",
  },
  errors: {
    unreachable: "Larmor cannot be reached.",
    unreachableHint: "Is the server running, and is this computer on its network? The page tries again by itself.",
    status: (status: number) => `The server answered with status ${status} and no explanation.`,
    statusHint: "Try again. If it stays so, the server's log says more.",
    notJson: (path: string) => `The answer to ${path} was cut off or is not JSON.`,
    unexpectedTitle: "This page stopped working",
    unexpectedHint: "That is a defect of Larmor. Reload the page; your studies are safe on the server.",
    code: (status: number) => (status > 0 ? `Status ${status}` : "No answer"),
    studyTitle: "This study cannot be shown",
    studiesTitle: "The studies cannot be listed",
    resultsTitle: "The results cannot be read",
    storyTitle: "The story cannot be read",
    fileTitle: "This file cannot be shown",
  },

  studies: {
    title: "Studies",
    search: "Search name, ID, accession or description",
    searchKey: "/",
    clear: "Clear the search",
    filters: { label: "Show", all: "All", active: "Under way", attention: "Needs attention", results: "With results" },
    columns: {
      patient: "Patient", id: "ID", date: "Date", description: "Description", modalities: "Modality", images: "Series / images",
      state: "State", result: "Result",
    },
    caption: "Studies, the newest first. Arrow keys move, Enter opens.",
    counts: (series: number, instances: number) => `${count(series)} / ${count(instances)}`,
    countsLong: (series: number, instances: number) => `${plural(series, "series", "series")}, ${images(instances)}`,
    moreModalities: (n: number) => `+${n}`,
    unnamed: "No name",
    more: "Show more",
    shown: (n: number) => `${plural(n, "study", "studies")}`,
    shownMore: (n: number) => `the newest ${plural(n, "study", "studies")}`,
    filtered: (n: number, of: number) => `${count(n)} of ${count(of)} loaded`,
    fresh: (n: number) => `${plural(n, "new study", "new studies")}: show`,
    noMatch: (q: string) => `No study matches “${q}”`,
    noMatchHint: "The search looks at the patient's name and ID, the accession number and the description.",
    noneFiltered: "None of the loaded studies is in that state",
    noneFilteredHint: "Show all of them, or load more.",
    showAll: "Show all",
    empty: {
      title: "Waiting for the first study",
      lead: "Larmor takes studies as any archive does. Give these three to your PACS or modality, and let it send one:",
      ae: "AE title", host: "Host", port: "Port",
      elsewhere: "Studies are taken in on another machine; its settings say where (import.ae_title, import.port).",
      or: "No PACS at hand?",
      upload: "Upload a folder or a ZIP",
      or2: "or send one from a terminal:",
      command: (host: string, port: number, ae: string) => `storescu -aec ${ae} +sd +r ${host} ${port} FOLDER`,
      live: "The first study appears here by itself.",
    },
  },

  state: {
    arriving: "Arriving", arrivingHint: "images are coming in",
    waitingFor: (what: string) => `waiting for ${what.replace(/^waiting for /i, "")}`,
    arrivingAgain: "More images are arriving",
    complete: "Complete",
    completeHint: "The rules are being asked",
    unmatched: "Complete, no rule wants it", unmatchedHint: "why stands in its story",
    queued: "Waiting for a worker",
    analysing: (name: string, percent: number | undefined, step: string) =>
      ["Analysing", percent === undefined ? "" : ` ${percent}%`, step ? ` ${stepName(step)}` : name ? ` ${name}` : ""].join(""),
    left: (s: number) => `about ${duration(s)} left`,
    retrying: "Will be tried again",
    failed: "Failed",
    cancelled: "Cancelled", cancelledHint: "by a person",
    refused: "Refused",
    refusedBecause: (reason: string) => (reason ? `Refused: ${reason}` : "Refused"),
    sending: (where: string) => `Sending to ${where}`,
    sendingRetry: (where: string) => `Sending to ${where}, trying again`,
    undelivered: (where: string) => `Not delivered to ${where}`,
    archived: "Results in the archive",
    archivedAt: (where: string) => `listed by ${where}`,
    analysed: "Results are here", analysedHint: "to be sent nowhere", sendingHint: "results are made",
    unknown: "…",
  },

  study: {
    open: "Study",
    born: "Born", sex: "Sex", age: "Age", accession: "Accession", studyDate: "Study date", id: "ID", uid: "Study UID", size: "Size",
    sexes: { M: "male", F: "female", O: "other" } as Record<string, string>,
    series: "Series", seriesEmpty: "No series yet",
    seriesColumns: { number: "No.", description: "Description", modality: "Modality", part: "Body part", device: "Device", images: "Images" },
    steps: "How far it is",
    stepNames: {
      received: "Received", complete: "Complete", decided: "Rule decided", queued: "Queued", analysed: "Analysed", sent: "Sent",
      confirmed: "Confirmed",
    },
    stepStatus: { todo: "not yet", active: "under way", done: "done", failed: "failed", skipped: "not needed" },
    received: (n: number) => images(n),
    receiving: (n: number) => `${images(n)} so far`,
    clue: (clue: string) => (clue ? `by ${clues[clue] ?? clue}` : ""),
    matched: (rule: string, reason: string) => `${rule}${reason ? `: ${reason}` : ""}`,
    unmatched: "No rule wants this study",
    waited: (s: number) => (s < 0.05 ? "taken at once" : `waited ${duration(s)}`),
    ran: (pipeline: string, s: number | undefined) => `${pipeline}${s === undefined ? "" : ` in ${duration(s)}`}`,
    attempt: (n: number) => `attempt ${n}`,
    dueAt: (time: string) => `next try ${time}`,
    confirmedBy: (where: string, n: number) => (n > 0 ? `${count(n)} objects listed by ${where}` : `listed by ${where}`),
    sentTo: (where: string) => `to ${where}`,
    noDestination: "The rule names no destination",
    nothingToSend: "Nothing to send",
    whatNow: {
      failed: "Nothing is lost: the study is stored. When the cause is mended, send the job again.",
      undelivered: "The results are kept here. When the destination answers again, send the job again.",
      unmatched: "Each rule and why it did not match stands in the story below. Rules are in the configuration file.",
      refused: "The pipeline judged that this study is not for it, so it reports no figures.",
    },
    lastWords: "Last words of the pipeline",
    retry: "Send the job again",
    retried: "It waits for a worker again",

    results: "Results",
    resultsEmpty: "No results yet", resultsNone: "No results",
    resultsEmptyHint: {
      arriving: "They are made when the study is complete.",
      underWay: "They appear here by themselves.",
      none: "No pipeline ran on this study.",
      failed: "The analysis failed; the reason stands above and in the story below.",
      refused: "The pipeline refused this study; the reason stands above.",
    },
    madeBy: (pipeline: string, version: string) => [pipeline, version].filter(Boolean).join(" "),
    generation: (n: number) => `generation ${n}`,
    superseded: "Superseded",
    supersededHint: "Images arrived afterwards; a newer result takes its place.",
    older: (n: number) => `${plural(n, "superseded result")}`,
    volumes: "Volumes",
    volumesCaption: "Volumes of the structures found, in millilitres",
    structure: "Structure", left: "Left", right: "Right", total: "Total", asymmetry: "Asymmetry", share: "Of intracranial",
    ml: (value: number) => decimals(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0),
    percent: (value: number, digits = 1) => `${decimals(value, digits)}%`,
    signed: (value: number) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${decimals(Math.abs(value), 1)}%`,
    asymmetryHint: "Left minus right, in per cent of their mean",
    shareHint: "Per cent of the intracranial volume",
    intracranial: "Intracranial volume",
    viewer: {
      title: "Images with outlines",
      view: "View",
      views: { all: "All", axial: "Axial", coronal: "Coronal", sagittal: "Sagittal" },
      outlines: "Outlines only",
      opacity: "Opacity",
      canvas: (plane: string) => `${sentence(plane)} plane. Arrow keys move the crosshair, Page Up and Page Down go through the slices.`,
      slice: (n: number, of: number) => `${n}/${of}`,
      directions: { L: "L", R: "R", A: "A", P: "P", H: "H", F: "F" } as Record<string, string>,
      loading: (share: number) => (share > 0 ? `Loading the images, ${Math.round(100 * share)}%` : "Loading the images"),
      failed: (why: string) => `The images cannot be shown: ${why}. Reload the page to try again; the pictures and the report below need none of this.`,
      structures: "Structures", all: "Show all", none: "Hide all",
      sides: { left: "L", right: "R", middle: "·" },
      find: (one: { name: string; side: string }) => `Go to ${sideName(one)}`,
      place: (one: { name: string; side: string }) => sentence(sideName(one)),
      volume: (ml: number) => `${en.study.ml(ml)} ml`,
      nowhere: "No structure here",
      millimetres: ([x, y, z]: readonly [number, number, number]) =>
        `${side(x, "R", "L")} ${side(y, "A", "P")} ${side(z, "H", "F")} mm`,
      millimetresHint: "The crosshair in the scanner's own millimetres: to the right or left, front or back, head or feet",
    },
    goTo: (name: string) => `Show ${name} in the images`,
    quality: "Quality",
    measured: (series: string) => `Measured on series ${series}`,
    confidence: (c: number) => `mean confidence ${decimals(c, 2)}`,
    noVolumes: "This result lists no volumes.",
    pictures: "Pictures", picture: (name: string) => `Picture ${name}`, enlarge: (name: string) => `Enlarge ${name}`,
    report: "Report", openReport: "Open the PDF", showReport: "Read it here", hideReport: "Close it", reportTitle: "Report of this result, PDF",
    downloads: "Downloads", download: (name: string) => `Download ${name}`,
    objects: (n: number) => `${plural(n, "DICOM object")} made`,
    rawFindings: "Everything the pipeline found",

    story: "The story",
    storyHint: "Everything that happened to this study, in order, and why.",
    storyEmpty: "Nothing is in the log about this study yet.",
    storyCut: (n: number) => `Only the first ${count(n)} events are shown; larmor events --study tells the rest.`,
    storyFields: "All that the log knows about this step",
    eventNumber: (seq: number) => `Event ${seq}`,
    copyUid: "Copy the Study UID",
  },

  /** One sentence per type of event; `{n}` events of one kind in a row are told in one. */
  events: {
    "instance.stored": (f: Fields) =>
      f.way === "result" ? `A result object stored (${bytes(number(f.size))})` : `Image ${word(f.number) || ""} stored, ${way(f)}${f.size ? ` (${bytes(number(f.size))})` : ""}`.replace("  ", " "),
    "instance.duplicate": (f: Fields) => `The same image once more, ${way(f)}; kept once`,
    "instance.conflict": (f: Fields) => `Another image under a UID that is taken, ${way(f)}; both are kept, the first counts`,
    "association.opened": (f: Fields) => `${word(f.calling)} opened a connection`,
    "association.closed": (f: Fields) =>
      `${word(f.calling)} closed its connection (${word(f.end)}) after ${plural(number(f.objects), "object")}`,
    "series.complete": (f: Fields) => `Series complete with ${images(number(f.instances))}${because(f.reason)}`,
    "study.complete": (f: Fields) =>
      `Study complete${again(f)} with ${images(number(f.instances))} in ${plural(number(f.series), "series", "series")}${because(f.reason)}`,
    "study.late": (f: Fields) => `More images after the study was complete, now ${images(number(f.instances))}; it will be analysed again`,
    "rule.matched": (f: Fields) => `Rule ${word(f.rule)} matched${because(f.reason)}`,
    "rule.skipped": (f: Fields) => `Rule ${word(f.rule)} did not match${because(f.reason)}`,
    "job.queued": (f: Fields) => `${queueName(f.queue)} queued${f.priority && f.priority !== "routine" ? ` as ${word(f.priority)}` : ""}`,
    "job.started": (f: Fields) =>
      `${queueName(f.queue)} started${f.worker ? ` on ${word(f.worker)}` : ""}${number(f.attempt) > 1 ? `, attempt ${number(f.attempt)}` : ""}${number(f.waited_s) >= 0.05 ? ` after waiting ${seconds(f.waited_s)}` : ""}`,
    "job.progress": (f: Fields) => `${sentence(stepName(f.step)) || "Progress"}, ${Math.round(number(f.fraction) * 100)}%`,
    "job.retrying": (f: Fields) => `${queueName(f.queue)} failed on attempt ${number(f.attempt)} and will be tried again${tail(f.error)}`,
    "job.finished": (f: Fields) => `${queueName(f.queue)} finished${f.seconds ? ` in ${seconds(f.seconds)}` : ""}`,
    "job.dead": (f: Fields) => `${queueName(f.queue)} failed for good after ${plural(number(f.attempt), "attempt")}${tail(f.error)}`,
    "job.revived": (f: Fields) => `${queueName(f.queue)} was sent again by a person`,
    "job.released": (f: Fields) => `${queueName(f.queue)} given back by a worker that shut down; it waits again`,
    "job.cancelled": (f: Fields) => `${queueName(f.queue)} was cancelled`,
    "prior.requested": (f: Fields) => `${word(f.archive)} was asked to send a series of this study, to compare a later one with it`,
    "prior.arrived": (f: Fields) => `${images(number(f.instances))} are here that were asked for, to compare a later study with them${tail(f.error)}`,
    "prior.chosen": (f: Fields) => word(f.words) || "Compared with an earlier study",
    "prior.none": (f: Fields) => word(f.words) || "No comparison with an earlier study",
    "results.stored": (f: Fields) =>
      `${word(f.pipeline)} ${word(f.version)} stored its results: ${plural(number(f.instances), "DICOM object")}`.replace("  ", " "),
    "results.refused": (f: Fields) => `${word(f.pipeline)} refused the study${because(f.reason)}`,
    "export.queued": (f: Fields) => `Results queued for ${word(f.destination)}`,
    "export.sent": (f: Fields) =>
      `${plural(number(f.instances), "object")} sent to ${word(f.destination)}${f.seconds ? ` in ${seconds(f.seconds)}` : ""}`,
    "export.confirmed": (f: Fields) => `Asked ${word(f.destination)}: it lists ${number(f.found) ? count(number(f.found)) : "all"} of them`,
    "export.failed": (f: Fields) => `Sending to ${word(f.destination)} failed${tail(f.error)}`,
  } as Record<string, (f: Fields) => string>,
  eventGroups: {
    "instance.stored": (n: number, f: Fields) => (f.way === "result" ? `${plural(n, "result object")} stored` : `${images(n)} stored, ${way(f)}`),
    "instance.duplicate": (n: number, f: Fields) => `The same ${images(n)} once more, ${way(f)}; kept once`,
    "instance.conflict": (n: number, f: Fields) => `${images(n)} under UIDs that are taken, ${way(f)}; both are kept, the first counts`,
    "job.progress": (n: number, f: Fields) => `${plural(n, "step")} of the analysis, the last: ${stepName(f.step)}`,
  } as Record<string, (n: number, f: Fields) => string>,

  glance: {
    ml: (name: string, value: string) => `${name} ${value} ml`,
    pair: (name: string, left: string, right: string) => `${name} ${left} | ${right} ml`,
    structures: (n: number) => plural(n, "structure"),
    superseded: "from before the new images",
  },

  upload: {
    title: "Upload",
    lead: "Drop DICOM files, a folder, a CD, or a ZIP of them. Each file is taken, or refused with its reason.",
    drop: "Drop files or folders here",
    dropNow: "Let go to upload",
    files: "Choose files",
    folder: "Choose a folder",
    reading: (n: number) => `Reading the folders: ${plural(n, "file")} so far`,
    progress: (done: number, total: number) => `${count(done)} of ${plural(total, "file")}`,
    left: (s: number) => `about ${duration(s)} left`,
    bytes: (done: number, total: number) => `${bytes(done)} of ${bytes(total)}`,
    doneAll: (n: number) => `${plural(n, "file")} done`,
    stop: "Stop",
    stopped: "Stopped",
    clear: "Clear the list",
    counts: { taken: "Taken", duplicates: "Already there", refused: "Refused", failed: "Not sent", waiting: "Waiting" },
    columns: { file: "File", size: "Size", what: "What became of it" },
    caption: "Files of this upload",
    waiting: "Waiting",
    sending: (percent: number) => `Sending, ${percent}%`,
    storing: "Being stored",
    taken: (n: number) => (n === 1 ? "Taken" : `${images(n)} taken`),
    duplicate: (n: number) => (n === 1 ? "Was there already, kept once" : `${count(n)} were there already, kept once`),
    refused: (reason: string) => `Refused: ${reason}`,
    refusedSome: (n: number) => `${plural(n, "file")} refused`,
    nothing: "Nothing in it",
    failed: (what: string) => `Not sent: ${what}`,
    again: "Send these again",
    empty: "Nothing uploaded yet",
    emptyHint: "What you drop is listed here, file by file.",
    studies: "Studies of this upload",
    listCut: (n: number) => `${plural(n, "more file")} not listed`,
    onlyProblems: "Only what was not taken",
    keep: "Keep this page open until it is done.",
  },
};

export type Catalogue = typeof en;
