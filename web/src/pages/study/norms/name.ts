/** What a volume among healthy people is called: a structure, or a sum such as both sides of the cortex. */
import { capital } from "../../../story/findings";
import type { Standing } from "../../../story/norms";
import { text } from "../../../text";

export const nameOf = ({ id, name }: Pick<Standing, "id" | "name">): string => capital((id === 0 && text.norms.sumNames[name]) || text.structure(name));
