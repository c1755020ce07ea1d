-- CreateTable
CREATE TABLE "directory"."QualityRun" (
    "id" UUID NOT NULL,
    "library" VARCHAR(40) NOT NULL,
    "state" VARCHAR(10) NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL,
    "finishedAt" TIMESTAMPTZ(3),
    "rows" BIGINT NOT NULL,

    CONSTRAINT "QualityRun_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "directory"."QualityFinding" (
    "runId" UUID NOT NULL,
    "check" VARCHAR(400) NOT NULL,
    "resource" VARCHAR(40) NOT NULL,
    "item" VARCHAR(100),
    "coordinate" VARCHAR(200) NOT NULL,
    "rule" VARCHAR(20) NOT NULL,
    "expects" VARCHAR(100),
    "ofRows" VARCHAR(200),
    "rows" BIGINT NOT NULL,
    "failing" BIGINT NOT NULL,
    "measured" BOOLEAN NOT NULL,
    "sampleKeys" VARCHAR(150)[],

    CONSTRAINT "QualityFinding_pkey" PRIMARY KEY ("runId","check")
);

-- CreateTable
CREATE TABLE "directory"."Objection" (
    "id" UUID NOT NULL,
    "providerUscc" CHAR(18) NOT NULL,
    "resource" VARCHAR(40) NOT NULL,
    "item" VARCHAR(100),
    "recordKey" VARCHAR(150),
    "reason" VARCHAR(500) NOT NULL,
    "raisedByKind" VARCHAR(40) NOT NULL,
    "raisedByDepartment" CHAR(18),
    "raisedAt" TIMESTAMPTZ(3) NOT NULL,
    "dueOn" DATE NOT NULL,
    "answeredAt" TIMESTAMPTZ(3),
    "outcome" VARCHAR(20),
    "answer" VARCHAR(500),

    CONSTRAINT "Objection_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "QualityRun_library_state_finishedAt_idx" ON "directory"."QualityRun"("library", "state", "finishedAt");

-- CreateIndex
CREATE INDEX "QualityFinding_item_idx" ON "directory"."QualityFinding"("item");

-- CreateIndex
CREATE INDEX "QualityFinding_resource_idx" ON "directory"."QualityFinding"("resource");

-- CreateIndex
CREATE INDEX "QualityFinding_check_idx" ON "directory"."QualityFinding"("check");

-- CreateIndex
CREATE INDEX "Objection_providerUscc_dueOn_id_idx" ON "directory"."Objection"("providerUscc", "dueOn", "id");

-- CreateIndex
CREATE INDEX "Objection_resource_idx" ON "directory"."Objection"("resource");

-- AddForeignKey
ALTER TABLE "directory"."QualityFinding" ADD CONSTRAINT "QualityFinding_runId_fkey" FOREIGN KEY ("runId") REFERENCES "directory"."QualityRun"("id") ON DELETE CASCADE ON UPDATE CASCADE;
