import type { Operation } from '../../../contract/operation.ts'

/** Where operations live; the second is an alias (checklist, C003). */
export const PREFIXES = ['/api', '/api/v1'] as const

/** Which methods an address takes. */
export interface Routes {
  /** Methods of the operations at a path, or nothing when there are none. */
  methods(path: string): string[] | undefined
}

export function openRoutes(operations: Iterable<Operation>): Routes {
  const patterns = Array.from(operations, ({ http }) => ({
    method: http.method,
    segments: http.path.split('/'),
  }))
  return {
    methods: (path) => {
      const found = new Set<string>()
      for (const prefix of PREFIXES) {
        if (!path.startsWith(`${prefix}/`)) continue
        const segments = path.slice(prefix.length).split('/')
        for (const pattern of patterns) if (fits(pattern.segments, segments)) found.add(pattern.method)
      }
      if (found.has('GET')) found.add('HEAD')
      return found.size === 0 ? undefined : [...found].toSorted()
    },
  }
}

function fits(pattern: readonly string[], segments: readonly string[]): boolean {
  return (
    pattern.length === segments.length &&
    pattern.every((part, index) => (part.startsWith(':') ? segments[index] !== '' : part === segments[index]))
  )
}

/** The path of an address, without its query and without a slash at the end. */
export function pathOf(url: string): string {
  const path = /^[^?#]*/.exec(url)?.[0] ?? ''
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}
