-- How much each user writes, and how much others comment on it. A comment does not tell which user wrote it, so it counts
-- for the author of its post.
SELECT u.name,
       u.email,
       json_extract(u.company, '$.name') AS company,
       count(DISTINCT p.id) AS total_posts,
       count(c.id) AS total_comments,
       round(1.0 * count(c.id) / max(count(DISTINCT p.id), 1), 2) AS comments_per_post
FROM users u
LEFT JOIN posts p ON p.userId = u.id
LEFT JOIN comments c ON c.postId = p.id
GROUP BY u.id
ORDER BY total_comments DESC, comments_per_post DESC, u.name
