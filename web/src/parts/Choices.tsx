/** One of a few, chosen with a click; the chosen one is pressed. */
import classes from "./Choices.module.css";

interface ChoicesProps<Value extends string> {
  label: string;
  values: readonly Value[];
  names: Record<Value, string>;
  /** None where none of them is what is chosen. */
  value: Value | undefined;
  onChange(next: Value): void;
}

export function Choices<Value extends string>({ label, values, names, value, onChange }: ChoicesProps<Value>) {
  return (
    <div className={classes.choices} role="group" aria-label={label}>
      {values.map((one) => (
        <button key={one} type="button" className={classes.choice} aria-pressed={one === value} onClick={() => onChange(one)}>
          {names[one]}
        </button>
      ))}
    </div>
  );
}
