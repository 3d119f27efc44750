// SPDX-License-Identifier: MIT
#include "tui/scene.h"

struct class_pair scene_picked_cell(const struct scene *scene)
{
    return (struct class_pair){true, scene->picked / DATASET_CLASSES,
                               scene->picked % DATASET_CLASSES};
}

const struct learner_snapshot *scene_learner(const struct scene *scene)
{
    return &scene->snapshot->learners[scene->snapshot->active];
}

/* The place in the archive of the evaluation that the user is at, the last one where that is the
 * newest; the archive is not empty. An evaluation that was dropped since leaves the next one. */
static size_t archive_place(const struct scene *scene, const struct archive *archive)
{
    size_t place = 0;
    if (!scene->past)
        return archive->count - 1;
    while (place + 1 < archive->count && archive->evaluations[place]->step < scene->step)
        place++;
    return place;
}

const struct evaluation *scene_evaluation(const struct scene *scene)
{
    const struct learner_snapshot *learner = scene_learner(scene);
    if (scene->part == EVALUATION_TEST)
        return learner->test;
    if (!scene->past || !learner->archive)
        return learner->validation;
    return learner->archive->evaluations[archive_place(scene, learner->archive)];
}

const struct evaluation *scene_newest_answered(const struct learner_snapshot *learner,
                                               enum evaluation_part part)
{
    if (part == EVALUATION_TEST)
        return learner->test;
    if (learner->validation && evaluation_answered(learner->validation))
        return learner->validation;
    return learner->answered;
}

const struct evaluation *scene_answered(const struct scene *scene)
{
    const struct evaluation *evaluation = scene_evaluation(scene);
    if (evaluation && evaluation_answered(evaluation))
        return evaluation;
    return scene->past ? NULL : scene_newest_answered(scene_learner(scene), scene->part);
}

void scene_ask_answers(const struct scene *scene, struct observation *observation)
{
    const struct evaluation *evaluation = scene_evaluation(scene);
    if (scene->snapshot->origin != SNAPSHOT_WATCHED)
        return;
    observation->answers = true;
    if (scene->past && scene->part == EVALUATION_VALIDATION && evaluation)
        observation->answers_step = evaluation->step;
}

const struct image_set *scene_images(const struct scene *scene, const struct evaluation *evaluation)
{
    const struct dataset *dataset = scene->snapshot->dataset;
    return evaluation->part == EVALUATION_TEST ? dataset_test(dataset) : dataset_train(dataset);
}

void scene_look_at(struct scene *scene, const struct evaluation *evaluation, uint32_t place)
{
    scene->image = (struct chosen_image){true, evaluation->part, evaluation->images[place]};
}

void scene_answers(const struct scene *scene, const struct evaluation *evaluation,
                   const struct evaluation *answers[SNAPSHOT_MODELS_MAX])
{
    const struct snapshot *snapshot = scene->snapshot;
    for (size_t model = 0; model < SNAPSHOT_MODELS_MAX; model++) {
        const struct learner_snapshot *learner = &snapshot->learners[model];
        answers[model] = NULL;
        if (!evaluation || model >= snapshot->learner_count)
            continue;
        answers[model] = scene_newest_answered(learner, evaluation->part);
        if (model == snapshot->active)
            answers[model] = evaluation;
    }
}

bool scene_set_filter(struct scene *scene, const char *text, struct error *err)
{
    if (!scene->snapshot->dataset) {
        error_set(err, ERROR_USAGE, "the data are not loaded yet");
        return false;
    }
    if (!filter_parse(&scene->filter, text, scene->snapshot->dataset, err))
        return false;
    scene->filtered++;
    return true;
}

void scene_update(struct scene *scene, const struct snapshot *snapshot)
{
    scene->snapshot = snapshot;
    if (scene->model != snapshot->active) {
        scene->past = false;
        scene->model = snapshot->active;
    }
    if (scene->part == EVALUATION_TEST && !scene_learner(scene)->test)
        scene->part = EVALUATION_VALIDATION;
}

static void turn_back(struct scene *scene)
{
    const struct archive *archive = scene_learner(scene)->archive;
    size_t place = archive ? archive_place(scene, archive) : 0;
    scene->part = EVALUATION_VALIDATION;
    if (place == 0) {
        scene->notice = archive ? "this is the first evaluation" : "nothing was evaluated yet";
        return;
    }
    scene->past = true;
    scene->step = archive->evaluations[place - 1]->step;
}

static void turn_forward(struct scene *scene)
{
    const struct archive *archive = scene_learner(scene)->archive;
    if (!archive || !scene->past) {
        scene->notice = "this is the newest evaluation";
        return;
    }
    size_t place = archive_place(scene, archive) + 1;
    scene->past = place + 1 < archive->count;
    if (scene->past)
        scene->step = archive->evaluations[place]->step;
}

static void switch_part(struct scene *scene)
{
    if (scene->part == EVALUATION_TEST)
        scene->part = EVALUATION_VALIDATION;
    else if (scene_learner(scene)->test)
        scene->part = EVALUATION_TEST;
    else
        scene->notice = "the test images are kept for the end of the last epoch";
}

bool scene_act(struct scene *scene, enum request request)
{
    switch (request) {
    case REQUEST_EPOCH_BACK:
        turn_back(scene);
        return true;
    case REQUEST_EPOCH_FORWARD:
        turn_forward(scene);
        return true;
    case REQUEST_LAST:
        scene->past = false;
        return true;
    case REQUEST_PART:
        switch_part(scene);
        return true;
    case REQUEST_FIT:
        scene->look.fit = !scene->look.fit;
        return true;
    case REQUEST_INVERT:
        scene->look.inverted = !scene->look.inverted;
        return true;
    case REQUEST_EXPORT:
        scene->notice = "x writes images of view 3; go there first";
        return true;
    case REQUEST_RENAME:
    case REQUEST_DELETE:
    case REQUEST_RESUME:
        scene->notice = "this key is for the stored runs in view 6; go there first";
        return true;
    default:
        return false;
    }
}
