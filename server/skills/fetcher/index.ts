import type { Skill } from '../skill.ts'
import { feed } from './feed.ts'
import { get } from './get.ts'
import { html_to_text } from './html-to-text.ts'
import { json_path } from './json-path.ts'
import { parse_feed } from './parse-feed.ts'
import { post } from './post.ts'
import { read_page } from './read-page.ts'
import { webhook } from './webhook.ts'
import { german } from './phrases.de.ts'
import { spanish } from './phrases.es.ts'

export const fetcher: Skill = {
  name: 'fetcher',
  agent: {
    number: 8,
    name: 'Fetcher',
    description: 'Fetches pages, feeds and data of the web, and sends to it, as far as this server allows.',
  },
  needs: ['net', 'worker'],
  phrases: { de: german, es: spanish },
  actions: { get, post, feed, read_page, html_to_text, json_path, webhook, parse_feed },
}
