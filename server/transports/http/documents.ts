import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { File } from '../static.ts'
import { isApi } from './head.ts'
import { PAGE_HEADERS, isKnown } from './response.ts'
import type { Response } from './response.ts'

/** Documents by path, each made when it is first asked for. */
export type Pages = Readonly<Record<string, () => { type: string; body: string }>>

/** Documents about the API. */
export interface Documents {
  has(path: string): boolean
  /** The document of a path that `has` knows. */
  read(path: string, request: IncomingMessage): Response
}

interface Made {
  type: string
  body: string
  etag: string
}

export function openDocuments(pages: Pages): Documents {
  const made = new Map<string, Made>()
  return {
    has: (path) => Object.hasOwn(pages, path),
    read: (path, request) => {
      const document = made.get(path) ?? make(pages[path])
      made.set(path, document)
      const { type, body, etag } = document
      const headers = { ...(isApi(path) ? {} : PAGE_HEADERS), 'Content-Type': type, ETag: etag }
      if (isKnown(request, etag))
        return { status: 304, headers: { ...headers, ...revalidated(path) }, body: '' }
      return { status: 200, headers: { ...headers, ...revalidated(path) }, body }
    },
  }
}

function make(page: (() => { type: string; body: string }) | undefined): Made {
  const { type, body } = page?.() ?? { type: 'text/plain', body: '' }
  return { type, body, etag: etagOf(body) }
}

/** Nothing below `/api` is kept by browsers; a page may be, and is asked for again each time. */
function revalidated(path: string): Record<string, string> {
  return isApi(path) ? {} : { 'Cache-Control': 'no-cache' }
}

export function etagOf(body: string | Buffer): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
}

/** The HTTP form of a file of the console. */
export function fileResponse(request: IncomingMessage, { body, type, etag, immutable }: File): Response {
  const headers = {
    ...PAGE_HEADERS,
    'Content-Type': type,
    'Cache-Control': immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: etag,
  }
  return isKnown(request, etag) ? { status: 304, headers, body: '' } : { status: 200, headers, body }
}

/** Sends a browser elsewhere, this time; where a page is at home may change with the settings. */
export function movedResponse(url: string): Response {
  return { status: 307, headers: { ...PAGE_HEADERS, 'Cache-Control': 'no-store', Location: url }, body: '' }
}
