-- DropIndex
DROP INDEX "population"."Person_name_idNumber_idx";

-- DropIndex
DROP INDEX "population"."Person_registeredDivision_idNumber_idx";

-- CreateIndex
CREATE INDEX "Person_registeredDivision_id_idx" ON "population"."Person"("registeredDivision", "id");

-- CreateIndex
CREATE INDEX "Person_name_id_idx" ON "population"."Person"("name", "id");
