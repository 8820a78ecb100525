# PgBouncer from Debian; the list of users is made at the start, from the password of docker-compose.yml.
FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends pgbouncer postgresql-client-15 \
    && rm -rf /var/lib/apt/lists/*
COPY pgbouncer.ini /etc/pgbouncer/pgbouncer.ini
RUN ln -sf /dev/shm/userlist.txt /etc/pgbouncer/userlist.txt
USER postgres
CMD ["sh", "-c", "printf '\"sferum\" \"%s\"\\n' \"$POSTGRES_PASSWORD\" > /dev/shm/userlist.txt && exec pgbouncer /etc/pgbouncer/pgbouncer.ini"]
