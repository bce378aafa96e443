/** The package comes without types; this is what is used of it. */
declare module 'html-to-text' {
  interface Selector {
    selector: string
    format?: string
    options?: Record<string, unknown>
  }
  interface Builder {
    /** White space around and within is folded. */
    addInline(text: string): void
  }
  interface Options {
    wordwrap?: number | false
    limits?: { maxInputLength?: number; maxDepth?: number; maxChildNodes?: number; ellipsis?: string }
    formatters?: Readonly<
      Record<
        string,
        (
          element: { children: unknown },
          walk: (children: unknown, builder: Builder) => void,
          builder: Builder,
        ) => void
      >
    >
    selectors?: readonly Selector[]
  }
  export function convert(html: string, options?: Options): string
  export function compile(options: Options): (html: string) => string
}
