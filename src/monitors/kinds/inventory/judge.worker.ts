/** Reads a large inventory beside the event loop: parsing a hundred thousand rows of YAML takes seconds. */
import { parentPort, workerData } from 'node:worker_threads'
import { type Judging, judgeText } from './judge-text.ts'

parentPort!.postMessage(await judgeText(workerData as Judging))
