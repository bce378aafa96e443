import type { parseFeed } from 'feedsmith'
import { published as toIso } from './published.ts'

const ENTRIES_MAX = 200
const SHORT_MAX = 500
const LINK_MAX = 2_048
const SUMMARY_MAX = 1_000
/** Markup is looked for in this much of a text, so that the looking stays cheap. */
const MARKUP_MAX = 4_000

export interface Entry {
  id: string
  title: string
  link?: string
  published?: string
  summary?: string
}
export interface Entries {
  title?: string
  entries: Entry[]
}

type Parsed = ReturnType<typeof parseFeed<string>>
interface Raw {
  id?: string | undefined
  title?: string | undefined
  link?: string | undefined
  published?: string | undefined
  summary?: string | undefined
}

/** What the four formats of feeds have in common. */
export function readEntries(parsed: Parsed): Entries {
  const title = plain(textOf(parsed.feed.title), SHORT_MAX)
  const entries = rawEntries(parsed).slice(0, ENTRIES_MAX).map(toEntry)
  return { ...(title === '' ? {} : { title }), entries }
}

function rawEntries(parsed: Parsed): Raw[] {
  switch (parsed.format) {
    case 'rss':
      return (parsed.feed.items ?? []).map(({ guid, title, link, pubDate, description }) => ({
        id: guid?.value,
        title,
        link,
        published: pubDate,
        summary: description,
      }))
    case 'atom':
      return (parsed.feed.entries ?? []).map(
        ({ id, title, links = [], published, updated, summary, content }) => ({
          id,
          title: textOf(title),
          link: (links.find(({ rel }) => rel === undefined || rel === 'alternate') ?? links[0])?.href,
          published: published ?? updated,
          summary: textOf(summary) ?? textOf(content),
        }),
      )
    case 'rdf':
      return (parsed.feed.items ?? []).map(({ title, link, description, dc }) => ({
        id: link,
        title,
        link,
        published: dc?.dates?.[0],
        summary: description,
      }))
    case 'json':
      return (parsed.feed.items ?? []).map((item) => ({
        id: item.id,
        title: item.title,
        link: item.url,
        published: item.date_published,
        summary: item.summary ?? item.content_text ?? item.content_html,
      }))
  }
}

/** Atom says of each text of what kind it is. */
function textOf(text: string | { value?: string } | undefined): string | undefined {
  return typeof text === 'object' ? text.value : text
}

function toEntry({ id, title, link, published, summary }: Raw): Entry {
  const short = plain(summary, SUMMARY_MAX)
  const name = plain(title, SHORT_MAX)
  return {
    id: (id ?? link ?? `${name} ${published ?? ''}`).trim().slice(0, SHORT_MAX),
    title: name === '' ? short.slice(0, 80) || 'without a title' : name,
    ...(link === undefined ? {} : { link: link.trim().slice(0, LINK_MAX) }),
    ...(published === undefined ? {} : { published: toIso(published).slice(0, SHORT_MAX) }),
    ...(short === '' ? {} : { summary: short }),
  }
}

/** A text without markup, its white space folded. */
function plain(text: string | undefined, characters: number): string {
  const bare = (text ?? '').slice(0, MARKUP_MAX).replaceAll(/<[^<>]*>/g, ' ')
  return bare.replaceAll(/\s+/g, ' ').trim().slice(0, characters).toWellFormed()
}
