import type { Skill } from '../skill.ts'
import { aggregate } from './aggregate.ts'
import { calculate } from './calculate.ts'
import { chart_data } from './chart-data.ts'
import { convert } from './convert.ts'
import { filter } from './filter.ts'
import { read } from './read.ts'
import { german } from './phrases.de.ts'
import { spanish } from './phrases.es.ts'

/** Arithmetic, units and small tables. The clock is for times of day: how far two cities are apart depends on the date. */
export const data: Skill = {
  name: 'data',
  agent: {
    number: 5,
    name: 'Data',
    description: 'Calculates, converts units and times, and reads, filters and sums up tables.',
  },
  needs: ['clock'],
  phrases: { de: german, es: spanish },
  actions: { calculate, convert, read, filter, aggregate, chart_data },
}
