import type { Skill } from '../skill.ts'
import { add_event } from './add-event.ts'
import { agenda, find_event } from './agenda.ts'
import { cancel } from './cancel.ts'
import { export_ics } from './export-ics.ts'
import { free_slots } from './free-slots.ts'
import { import_ics } from './import-ics.ts'
import { list } from './list.ts'
import { move } from './move.ts'
import { next_event } from './next-event.ts'
import { keeps } from './record.ts'
import { remind } from './remind.ts'
import { snooze } from './snooze.ts'
import { time } from './time.ts'
import { timer } from './timer.ts'
import { german } from './phrases.de.ts'
import { spanish } from './phrases.es.ts'

export const reminders: Skill = {
  name: 'reminders',
  agent: {
    number: 3,
    name: 'Reminders & Calendar',
    description: 'Reminds you in time, runs timers and knows your calendar.',
  },
  needs: ['clock', 'records', 'alarms'],
  keeps,
  phrases: { de: german, es: spanish },
  actions: {
    remind,
    timer,
    list,
    snooze,
    move,
    cancel,
    import_ics,
    export_ics,
    add_event,
    next_event,
    agenda,
    find_event,
    free_slots,
    time,
  },
}
