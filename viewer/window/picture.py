"""A picture of a line without a screen."""

from pathlib import Path
from typing import Any

from PIL import Image

from twin.spec.line import LineSpec
from twin.spec.messages import phrase
from twin.wire.model import Snapshot
from viewer.scene import SceneDocument, build_scene
from viewer.scene.camera import near
from viewer.scene.document import Camera

from .errors import ViewError
from .overlay import Overlay, label_points, projected
from .preflight import ready_off_screen
from .state import asset_states

SIZE = (1600, 900)
WRITTEN_FOR_PX = 900
LEAST_SCALE = 0.7


def shot(
    spec: LineSpec | SceneDocument,
    snapshot: Snapshot | None = None,
    path: str | Path | None = None,
    size: tuple[int, int] = SIZE,
    camera: str | Camera = "overview",
    *,
    language: str = "en",
    fine: bool = True,
    labels: bool = True,
    overlay: bool = True,
) -> Image.Image:
    """Draw a line, and write the picture where a path is given.

    Args:
        spec: The line, or its scene.
        snapshot: What a run says; None draws the empty line.
        path: File to write; its ending says the format (png, jpg, webp).
        size: Width and height, px.
        camera: Name of a point of view of the scene, an asset to look at, or any other.
        language: `en` or `zh`.
        fine: Draws four pixels for one, for smooth edges.
        labels: Whether assets are labelled.
        overlay: Whether anything is written over the picture.

    Returns:
        The picture.

    Raises:
        NoGraphics: OpenGL does not work here.
        ViewError: The file cannot be written, or there is no such point of view.
    """
    ready_off_screen()
    document = spec if isinstance(spec, SceneDocument) else build_scene(spec)
    camera = view_named(document, camera)
    picture, matrix = rendered(document, snapshot, size, camera, 2 if fine else 1)
    if overlay:
        points = label_points(document, asset_states(snapshot))
        written = Overlay(document, language, scale=max(size[1] / WRITTEN_FOR_PX, LEAST_SCALE))
        spots = projected(points, matrix, size)
        picture = written.draw(picture, snapshot, spots, labels=labels)
    if path is not None:
        save(picture, Path(path))
    return picture


def view_named(document: SceneDocument, camera: str | Camera) -> Camera:
    """Return a point of view by its name, or that of an asset.

    Raises:
        ViewError: There is none of that name.
    """
    if isinstance(camera, Camera):
        return camera
    if camera in document.cameras:
        return document.cameras[camera]
    if camera in document.assets:
        return near(document, camera)
    # The id of a workcell's view, as its line file has it, where only one cell has it.
    short = [view for name, view in document.cameras.items() if name.endswith(f":{camera}")]
    if len(short) == 1:
        return short[0]
    views = ", ".join(document.cameras)
    raise ViewError(phrase("error.no_view", line=document.line, view=camera, views=views))


def save(picture: Image.Image, path: Path) -> None:
    """Write a picture.

    Raises:
        ViewError: The file cannot be written.
    """
    try:
        picture.save(path)
    except (OSError, ValueError) as error:
        raise ViewError(phrase("error.no_picture_folder", path=path, reason=error)) from error


def rendered(
    document: SceneDocument,
    snapshot: Snapshot | None,
    size: tuple[int, int],
    camera: str | Camera,
    times: int,
) -> tuple[Image.Image, Any]:
    """Draw the hall alone.

    Args:
        document: The scene.
        snapshot: What a run says.
        size: Width and height, px.
        camera: Point of view.
        times: How many times finer it is drawn, to smooth edges.

    Returns:
        The picture, and the `(4, 4)` matrix that took points of the hall onto it.
    """
    import pyvista as pv

    from .stage import Stage, projection

    plotter = pv.Plotter(
        off_screen=True, window_size=(size[0] * times, size[1] * times), lighting="none"
    )
    try:
        stage = Stage(document, plotter)
        if snapshot is not None:
            stage.show(snapshot)
        stage.look(camera)
        picture = Image.fromarray(plotter.screenshot(return_img=True))
        matrix = projection(plotter, size[0] / size[1])
    finally:
        plotter.close()
    if times > 1:
        picture = picture.resize(size, Image.Resampling.BOX)
    return picture, matrix
