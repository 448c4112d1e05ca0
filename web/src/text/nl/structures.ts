/** Namen van structuren, die het model in het Engels geeft. Wat hier niet staat blijft zoals het is. */
const names: Record<string, string> = {
  "cerebral white matter": "cerebrale witte stof", "cerebral cortex": "cerebrale cortex",
  "lateral ventricle": "laterale ventrikel", "inferior lateral ventricle": "temporale hoorn",
  "cerebellar white matter": "cerebellaire witte stof", "cerebellar cortex": "cerebellaire cortex",
  caudate: "nucleus caudatus", accumbens: "nucleus accumbens", "third ventricle": "derde ventrikel", "fourth ventricle": "vierde ventrikel",
  brainstem: "hersenstam", "cerebrospinal fluid": "liquor", "ventral diencephalon": "ventrale diencephalon",
  "frontal lobe": "frontale kwab", "parietal lobe": "pariëtale kwab", "temporal lobe": "temporale kwab", "occipital lobe": "occipitale kwab",
  "cingulate gyrus": "gyrus cinguli",
};
const sides: Record<string, string> = { left: "links", right: "rechts" };

/** "left hippocampus" wordt "hippocampus links". */
export function structure(name: string): string {
  const [, side, rest] = /^(?:(left|right) )?(.*)$/.exec(name)!;
  const named = names[rest!] ?? rest!;
  return side ? `${named} ${sides[side]}` : named;
}
