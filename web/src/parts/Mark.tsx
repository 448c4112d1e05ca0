/** A spin's axis turning around the field: Larmor precession. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" fill="none" stroke="var(--accent)" strokeWidth="1.8" strokeLinecap="round">
      <ellipse cx="12" cy="6.6" rx="6.6" ry="2.5" />
      <path d="M12 20.6 17.4 5.4" />
      <circle cx="12" cy="20.6" r="1.4" fill="var(--accent)" stroke="none" />
    </svg>
  );
}
