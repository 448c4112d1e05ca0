/** The few pictures that the pages use, drawn here so that no icon library is loaded. Decorative: words stand beside them. */
import type { ReactNode } from "react";

const icon = (content: ReactNode) =>
  function Icon({ size = 16 }: { size?: number }) {
    return (
      <svg viewBox="0 0 16 16" width={size} height={size} fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round"
        strokeLinejoin="round" aria-hidden="true">
        {content}
      </svg>
    );
  };

export const Search = icon(<><circle cx="7" cy="7" r="4.5" /><path d="m10.5 10.5 3 3" /></>);
export const Copy = icon(<><rect x="5.5" y="5.5" width="8" height="8" rx="1.5" /><path d="M10.5 5.5v-2A1 1 0 0 0 9.5 2.5h-6a1 1 0 0 0-1 1v6a1 1 0 0 0 1 1h2" /></>);
export const Check = icon(<path d="m3 8.5 3.2 3.2L13 4.8" />);
export const Cross = icon(<path d="m4 4 8 8m0-8-8 8" />);
export const Dash = icon(<path d="M4.5 8h7" />);
export const Back = icon(<path d="M9.5 3.5 5 8l4.5 4.5" />);
export const Chevron = icon(<path d="m6 3.5 4.5 4.5L6 12.5" />);
export const Download = icon(<path d="M8 2.5v7.5m0 0L5 7m3 3 3-3M3 13.5h10" />);
export const UploadIcon = icon(<path d="M8 10.5V3m0 0L5 6m3-3 3 3M3 13.5h10" />);
export const Warning = icon(<><path d="M8 2.2 14.3 13.3H1.7z" /><path d="M8 6.5v3M8 11.4v.1" /></>);
export const Sun = icon(<><circle cx="8" cy="8" r="2.8" /><path d="M8 1.6v1.2M8 13.2v1.2M1.6 8h1.2M13.2 8h1.2M3.5 3.5l.8.8M11.7 11.7l.8.8M3.5 12.5l.8-.8M11.7 4.3l.8-.8" /></>);
export const Moon = icon(<path d="M13.2 9.6A5.6 5.6 0 0 1 6.4 2.8 5.6 5.6 0 1 0 13.2 9.6Z" />);
export const External = icon(<path d="M6.5 3.5h-3v9h9v-3M9.5 2.5h4v4M13.2 2.8 7.5 8.5" />);
export const File = icon(<><path d="M9 1.8H4.2v12.4h7.6V4.6z" /><path d="M9 1.8v2.8h2.8" /></>);
export const Menu = icon(<path d="M2.5 4.5h11M2.5 8h11M2.5 11.5h11" />);
export const Fold = icon(<><rect x="2" y="2.8" width="12" height="10.4" rx="2" /><path d="M6 2.8v10.4" /></>);
export const Command = icon(<path d="m4 5 3 3-3 3M8.5 11H12" />);
export const StudiesIcon = icon(<><rect x="2" y="2.5" width="12" height="11" rx="2" /><path d="M2 6h12M5 9h6M5 11.2h4" /></>);
export const QueueIcon = icon(<><path d="M2.5 4h11M2.5 8h7M2.5 12h4" /><path d="m11 9.5 3 2.2-3 2.3z" /></>);
export const EventsIcon = icon(<path d="M1.8 8h3l2-5 2.6 10 2-5h2.8" />);
export const RulesIcon = icon(<><circle cx="4" cy="3.8" r="1.6" /><circle cx="4" cy="12.2" r="1.6" /><circle cx="12" cy="6" r="1.6" /><path d="M4 5.4v5.2M12 7.6c0 2.2-3 2.2-6.4 3.6" /></>);
export const DestinationsIcon = icon(<><path d="M14 2.2 7.2 9M14 2.2l-4.2 11.6L7.2 9 2.2 6.4z" /></>);
export const SettingsIcon = icon(<><path d="M2 4.5h6.2M11.8 4.5H14M2 11.5h2.2M7.8 11.5H14" /><circle cx="10" cy="4.5" r="1.8" /><circle cx="6" cy="11.5" r="1.8" /></>);
export const DoctorIcon = icon(<><path d="M8 13.6S2 10.2 2 6.3A3.1 3.1 0 0 1 8 5a3.1 3.1 0 0 1 6 1.3c0 3.9-6 7.3-6 7.3Z" /><path d="M5 8h1.6l1-1.8 1.2 3 .9-1.2H11" /></>);
export const AccountsIcon = icon(<><circle cx="6" cy="5.4" r="2.6" /><path d="M1.6 13.4c0-2.6 2-4.2 4.4-4.2s4.4 1.6 4.4 4.2M10.6 3a2.6 2.6 0 0 1 0 4.8M12 9.6c1.5.6 2.4 1.9 2.4 3.8" /></>);
export const StartIcon = icon(<><path d="M6.2 9.8 3.5 12.5M9.8 6.2l2.7-2.7" /><path d="m8.8 4.6 2.6 2.6 1.5-1.5a1.85 1.85 0 0 0-2.6-2.6zM7.2 11.4 4.6 8.8 3.1 10.3a1.85 1.85 0 0 0 2.6 2.6z" /></>);
