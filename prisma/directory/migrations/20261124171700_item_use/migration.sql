-- CreateTable
CREATE TABLE "directory"."ItemUse" (
    "item" VARCHAR(100) NOT NULL,
    "day" DATE NOT NULL,
    "caller" VARCHAR(40) NOT NULL,
    "outcome" VARCHAR(40) NOT NULL,
    "calls" BIGINT NOT NULL,

    CONSTRAINT "ItemUse_pkey" PRIMARY KEY ("item","day","caller","outcome")
);

-- CreateIndex
CREATE INDEX "ItemUse_day_idx" ON "directory"."ItemUse"("day");
