import type { GalleryEntry } from '../../../../contract/workflows.ts'
import { account_check } from './account-check.ts'
import { backup_with_check } from './backup-with-check.ts'
import { disk_watch } from './disk-watch.ts'
import { expense_csv_summary } from './expense-csv-summary.ts'
import { feed_digest } from './feed-digest.ts'
import { habit_reminder } from './habit-reminder.ts'
import { inbox_folder_watcher } from './inbox-folder-watcher.ts'
import { link_checker } from './link-checker.ts'
import { morning_briefing } from './morning-briefing.ts'

import { weekly_review } from './weekly-review.ts'

/** Workflows that run with the agents that everybody has, to be used as they are or to begin with. */
export const GALLERY: readonly GalleryEntry[] = [
  morning_briefing,
  weekly_review,
  habit_reminder,
  inbox_folder_watcher,
  expense_csv_summary,
  feed_digest,
  link_checker,
  backup_with_check,
  account_check,
  disk_watch,
]
