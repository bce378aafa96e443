/** The package comes without types; this is what is used of it. */
declare module 'html-to-text' {
  interface Selector {
    selector: string
    format?: string
    options?: Record<string, unknown>
  }
  export function convert(
    html: string,
    options?: {
      wordwrap?: number | false
      limits?: { maxInputLength?: number; maxDepth?: number; maxChildNodes?: number; ellipsis?: string }
      selectors?: readonly Selector[]
    },
  ): string
}
