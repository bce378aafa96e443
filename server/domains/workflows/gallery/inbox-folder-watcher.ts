import type { GalleryEntry } from '../../../../contract/workflows.ts'
import { HOUR_MS, MINUTE_MS, ONCE, at } from './entry.ts'

const FOLDER = '~/Inbox'
const LABEL = 'Inbox'
/**
 * Watcher looks at most once between two runs, of which one and only one must take what it found. What is found while a
 * run begins is left to the next one.
 */
const SETTLED_MINUTES = 5
const DUE = '(trigger.due ?? now)'

/** When the folder is looked at again. */
const next = `steps.watches.result.watches.filter(one => one.label === '${LABEL}' && one.next_check !== undefined).map(one => ', next at ' + formatDate(one.next_check, 'HH:mm')).join('')`

export const inbox_folder_watcher: GalleryEntry = {
  name: 'inbox_folder_watcher',
  title: 'Inbox folder',
  description: `Watches the folder ${FOLDER} and puts every new file on the list "inbox", so that none is forgotten there. Watcher looks once an hour and tells you itself what has changed; the list follows within another hour, and a start by hand makes neither sooner. You may want another folder: change it in the step watch, and its name Inbox there and in the conditions of the steps watch and new. Only for the owner of the server, inside PAIOS_WATCH_FOLDERS (your home folder unless set; where your home folder is not among them, ~ is the first of them). It runs every hour, which is 24 of the 50 runs a day of a free account.`,
  definition: {
    trigger: at('0 * * * *'),
    steps: [
      { id: 'watches', agent_number: 7, action: 'list', parameters: {} },
      {
        id: 'watch',
        agent_number: 7,
        action: 'watch',
        parameters: { target: FOLDER, kind: 'folder', label: LABEL, every_seconds: HOUR_MS / 1000 },
        condition: `!steps.watches.result.watches.some(one => one.label === '${LABEL}')`,
      },
      {
        id: 'begun',
        agent_number: 0,
        action: 'notify',
        parameters: {
          text: `From now on what is new in ${FOLDER} is put on your inbox list, within two hours.`,
        },
        condition: "steps.watch.status === 'completed'",
      },
      {
        id: 'new',
        agent_number: 0,
        action: 'set',
        parameters: {
          value: `{{steps.watches.result.watches.filter(one => one.label === '${LABEL}' && one.last_change !== undefined && date(one.last_change.at) > addMinutes(${DUE}, -${60 + SETTLED_MINUTES}) && date(one.last_change.at) <= addMinutes(${DUE}, -${SETTLED_MINUTES})).flatMap(one => one.last_change.added)}}`,
        },
      },
      {
        id: 'add',
        agent_number: 4,
        action: 'add',
        parameters: { list: 'inbox', items: "{{steps.new.result.value.map(name => 'Sort ' + name)}}" },
        condition: 'steps.new.result.value.length > 0',
      },
      {
        id: 'by_hand',
        agent_number: 0,
        action: 'notify',
        parameters: {
          text: `Watcher looks at ${FOLDER} once an hour{{${next}}}. What is new then is on your inbox list within another hour; starting this by hand makes it no sooner.`,
        },
        condition: "trigger.due === undefined && steps.watch.status === 'skipped'",
      },
    ],
    error_handling: { strategy: 'fail_fast', notification_on_error: true },
    timeout_ms: 5 * MINUTE_MS,
    retry_policy: ONCE,
  },
}
