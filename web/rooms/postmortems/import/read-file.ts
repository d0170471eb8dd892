import { ApiProblem } from '../../../api/problem.ts'

/** What is sent of a document. */
export interface FileContent {
  content: string
  encoding: 'text' | 'base64'
}

/** As base64 a third longer; the API takes eleven million characters. */
const LARGEST = 8_000_000

const unread = (detail: string) =>
  new ApiProblem({ code: 'invalid-input', status: 0, title: 'The file was not read', detail })

/** A file as it is sent: its very bytes, since what they mean is for the server to find out. */
export function readFile(file: File): Promise<FileContent> {
  if (file.size > LARGEST)
    return Promise.reject(
      unread(
        `It has ${Math.round(file.size / 1e6)} MB. Here documents of up to 8 MB are read; "tocsin import" takes larger ones.`,
      ),
    )
  if (file.size === 0) return Promise.reject(unread('It is empty.'))
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onerror = () => reject(unread('The browser cannot read it.'))
    reader.onload = () => {
      const address = String(reader.result)
      resolve({ content: address.slice(address.indexOf(',') + 1), encoding: 'base64' })
    }
    reader.readAsDataURL(file)
  })
}

const MOST_FILES = 500

/** The files of what was dropped; folders are walked, what is hidden in them is left out. */
export async function filesOf(dropped: DataTransfer): Promise<File[]> {
  // To be taken at once: after the first wait the list is empty.
  const entries = [...dropped.items].map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile())
  const files: File[] = []
  for (const entry of entries) if (entry) await walk(entry, files)
  return files
}

async function walk(entry: File | FileSystemEntry, files: File[]): Promise<void> {
  if (files.length >= MOST_FILES) return
  if (entry instanceof File) files.push(entry)
  else if (entry.isFile)
    files.push(await new Promise<File>((ok, no) => (entry as FileSystemFileEntry).file(ok, no)))
  else {
    const reader = (entry as FileSystemDirectoryEntry).createReader()
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((ok, no) => reader.readEntries(ok, no))
      if (some.length === 0) return
      for (const inner of some) if (!inner.name.startsWith('.')) await walk(inner, files)
    }
  }
}
