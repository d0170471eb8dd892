/** The forms in which a post-mortem may leave Tocsin. */
export const EXPORT_FORMATS = ['markdown', 'html', 'pdf', 'json'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]
