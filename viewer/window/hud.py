"""What is written over a live window: one transparent sheet on top of the hall."""

from typing import Any

import numpy as np
from PIL import Image
from vtkmodules.util.numpy_support import numpy_to_vtk
from vtkmodules.vtkCommonCore import vtkFloatArray, vtkPoints, vtkUnsignedCharArray
from vtkmodules.vtkCommonDataModel import vtkCellArray, vtkImageData, vtkPolyData
from vtkmodules.vtkRenderingCore import (
    vtkCoordinate,
    vtkPolyDataMapper2D,
    vtkTexture,
    vtkTexturedActor2D,
)

CORNERS = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


class Hud:
    """A picture with transparency over a renderer: over the whole of it, or over a part."""

    def __init__(self, plotter: Any) -> None:
        self._image = vtkImageData()
        self._texture = vtkTexture()
        self._texture.SetInputData(self._image)
        self._texture.InterpolateOn()
        place = vtkCoordinate()
        place.SetCoordinateSystemToNormalizedViewport()
        mapper = vtkPolyDataMapper2D()
        self._place = _sheet()
        mapper.SetInputData(self._place)
        mapper.SetTransformCoordinate(place)
        self._actor = vtkTexturedActor2D()
        self._actor.SetTexture(self._texture)
        self._actor.SetMapper(mapper)
        self._actor.VisibilityOff()
        plotter.renderer.AddViewProp(self._actor)

    def show(
        self,
        sheet: Image.Image,
        at: tuple[float, float] | None = None,
        size: tuple[int, int] = (1, 1),
    ) -> None:
        """Show an RGBA picture.

        Args:
            sheet: The picture.
            at: Where its upper left corner is, px from the window's; None covers the window.
            size: Width and height of the window, px.
        """
        if at is not None:
            left, top = round(at[0]), round(at[1])
            box = (left, size[1] - top - sheet.height, left + sheet.width, size[1] - top)
            for number, (x, y) in enumerate(CORNERS):
                across, up = box[0] + x * (box[2] - box[0]), box[1] + y * (box[3] - box[1])
                self._place.GetPoints().SetPoint(number, across / size[0], up / size[1], 0.0)
            self._place.GetPoints().Modified()
            self._place.Modified()
        pixels = np.ascontiguousarray(np.asarray(sheet)[::-1])
        self._image.SetDimensions(sheet.width, sheet.height, 1)
        array: vtkUnsignedCharArray = numpy_to_vtk(pixels.reshape(-1, 4), deep=True)
        self._image.GetPointData().SetScalars(array)
        self._image.Modified()
        self._actor.VisibilityOn()

    def hide(self) -> None:
        """Show nothing."""
        self._actor.VisibilityOff()


def _sheet() -> vtkPolyData:
    points, cells, coordinates = vtkPoints(), vtkCellArray(), vtkFloatArray()
    coordinates.SetNumberOfComponents(2)
    cells.InsertNextCell(4)
    for number, (x, y) in enumerate(CORNERS):
        points.InsertNextPoint(x, y, 0.0)
        coordinates.InsertNextTuple2(x, y)
        cells.InsertCellPoint(number)
    sheet = vtkPolyData()
    sheet.SetPoints(points)
    sheet.SetPolys(cells)
    sheet.GetPointData().SetTCoords(coordinates)
    return sheet
