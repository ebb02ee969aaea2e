// Writes the summaries of all stacks into one comment of the pull request, or renews the one that is there:
//   node ci/comment.js SUMMARY.md …
// GitHub: GITHUB_TOKEN, GITHUB_REPOSITORY, PULL_REQUEST (its number). GitLab: GITLAB_TOKEN and what its pipelines set.
const { readFile } = require("node:fs/promises");

/** @typedef {{ id: number, url: string, body: string, user: { type: string }, author: { id: number } }} Comment */

const mark = "<!-- pulumi-cockpit summary -->";
const { env } = process;

const isGitLab = env.GITLAB_TOKEN !== undefined;
const comments = isGitLab
  ? `${env.CI_API_V4_URL}/projects/${env.CI_PROJECT_ID}/merge_requests/${env.CI_MERGE_REQUEST_IID}/notes`
  : `${env.GITHUB_API_URL}/repos/${env.GITHUB_REPOSITORY}/issues/${env.PULL_REQUEST}/comments`;

/**
 * @param {string} method
 * @param {string} url
 * @param {object} [body]
 * @returns {Promise<unknown>}
 */
async function request(method, url, body) {
  const response = await fetch(url, {
    method,
    headers: {
      ...(isGitLab
        ? { "private-token": `${env.GITLAB_TOKEN}` }
        : { authorization: `Bearer ${env.GITHUB_TOKEN}` }),
      "content-type": "application/json",
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) {
    throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  }
  return response.json();
}

/**
 * Nobody else's comment is touched, whatever stands in it.
 * @param {Comment} comment
 */
async function isOwn(comment) {
  if (!comment.body.startsWith(mark)) {
    return false;
  }
  const me = isGitLab && /** @type {{ id: number }} */ (await request("GET", `${env.CI_API_V4_URL}/user`));
  return me ? comment.author.id === me.id : comment.user.type === "Bot";
}

/** @returns {Promise<Comment | undefined>} */
async function ownComment() {
  for (let page = 1; ; page++) {
    const found = /** @type {Comment[]} */ (await request("GET", `${comments}?per_page=100&page=${page}`));
    for (const comment of found) {
      if (await isOwn(comment)) {
        return comment;
      }
    }
    if (found.length < 100) {
      return undefined;
    }
  }
}

async function main() {
  const summaries = await Promise.all(
    process.argv
      .slice(2)
      .map((file) =>
        readFile(file, "utf8").catch(
          () => `## ❌ ${file} is missing: the preview ended before it could be summarised`,
        ),
      ),
  );
  const body = [mark, ...summaries.map((summary) => summary.replace(mark, "").trim())].join("\n\n");
  const comment = await ownComment();
  if (comment) {
    await request(isGitLab ? "PUT" : "PATCH", isGitLab ? `${comments}/${comment.id}` : comment.url, { body });
  } else {
    await request("POST", comments, { body });
  }
}

void main();
