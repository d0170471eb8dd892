import { test } from 'node:test'
import { killUnderLoad } from './kill-nine.ts'

test('kill -9 fifty times under load: nothing acknowledged is lost [sqlite]', () => killUnderLoad('sqlite'))
