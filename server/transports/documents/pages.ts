import { asyncApiDocument } from './asyncapi.ts'
import { openApiDocument } from './openapi.ts'
import { apiPage } from './page.ts'
import { PAGE_STYLE } from './style.ts'

/** A document that is made when it is first asked for. */
export type Page = () => { type: string; body: string }

const OPENAPI = '/api/openapi.json'
const ASYNCAPI = '/api/asyncapi.json'
const STYLE = '/docs/style.css'

function json(make: () => object): Page {
  return () => ({ type: 'application/json', body: JSON.stringify(make()) })
}

/** The generated documents by path: OpenAPI, AsyncAPI, and the page for people. */
export function documentPages(
  version: string,
  { public_url }: { public_url: string },
): Readonly<Record<string, Page>> {
  return {
    [OPENAPI]: json(() => openApiDocument(version)),
    [ASYNCAPI]: json(() => asyncApiDocument(version, new URL(public_url).host)),
    '/docs': () => ({
      type: 'text/html; charset=utf-8',
      body: apiPage({ version, style_path: STYLE, openapi_path: OPENAPI, asyncapi_path: ASYNCAPI }),
    }),
    [STYLE]: () => ({ type: 'text/css; charset=utf-8', body: PAGE_STYLE }),
  }
}
