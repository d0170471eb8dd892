/** The bell. */
export function Bell({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" fill="currentColor">
      <path d="M16 3.5a2.2 2.2 0 0 1 2.2 2.2v.8c4.2 1 6.6 4.3 6.6 8.6 0 4.2 1.1 6.3 3.2 8H4c2.1-1.7 3.2-3.8 3.2-8 0-4.3 2.4-7.6 6.6-8.6v-.8A2.2 2.2 0 0 1 16 3.5Z" />
      <path d="M12.6 25a3.4 3.4 0 0 0 6.8 0Z" />
      <path
        d="M2.5 12.5c.3-3.1 1.5-5.8 3.6-7.9M29.5 12.5c-.3-3.1-1.5-5.8-3.6-7.9"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
      />
    </svg>
  )
}
